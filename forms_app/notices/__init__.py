"""What is said to whom, and the roads it travels: mail, chat-group robots, signed webhooks.

It knows no row: casework's outbox hands over what is to be told and takes down what became of it.
"""
