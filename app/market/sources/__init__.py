"""Where prices come from when nobody pushes them. Each source is one file that knows one way of asking."""
