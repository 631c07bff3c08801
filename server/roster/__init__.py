"""Bringing a school's roster in line with its workbook, and erasing pupils when the law says so."""
