"""The database: its rows, its migrations, how it is opened."""
