"""What operators observe: a line for each request, and traces if they want them."""
