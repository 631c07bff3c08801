"""名册: the school's list of pupils and staff, imported from its workbook."""
