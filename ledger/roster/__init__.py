"""The school's own list of pupils and staff: read from its workbook, compared with the known."""
