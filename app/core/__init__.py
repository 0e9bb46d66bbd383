"""The cellar: knows Flask, the database and the browser; knows no domain."""
