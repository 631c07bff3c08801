"""Hazards 隐患: from a photograph to closing 销号.

`bodies` is what people write down, `states` the table of what may follow what, `rule` the fold,
`overdue` who a late hazard has climbed to, `conditions` the national list of what is major.
"""
