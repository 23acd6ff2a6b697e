"""The administrator's commands, one file each; what runs by itself calls them."""
