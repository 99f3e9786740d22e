"""The shared record: orders, judges, commits and proves signed entries. It knows no room."""
