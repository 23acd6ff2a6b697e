"""Where an office's data lie: made outside the checkout at the first start, and moved out of it."""
