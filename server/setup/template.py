"""The file an administrator starts from: every field once, explained beside an example."""

from typing import Final

TEMPLATE: Final = """\
# 学校资料 A school's data, for `xunan school load`. 请用 UTF-8 编码保存。 Save as UTF-8.
#
# id 由您定，只用字母、数字、- 和 _；定了就不要改：系统靠它认出同一个人、同一个点。
#   An id is yours to choose; never change it afterwards, it is how the same thing is recognised.
# 再次载入只写有变化的部分。文件里没有写到的，保持原样。
#   Loading again writes differences only. What the file doesn't name stays as it is.
# 停用：人员写 active = false，点位写 retired = true，计划写 ended = true。
#   To end something say so: active = false, retired = true, ended = true.

[school]
code = "000H"                    # `xunan school add` 给出的四个字符
name = "示例学校"
# 学生未归时的步骤：登记后第几分钟，找谁。不写就用下面这三步。
#   When a pupil is missing: minutes after the mark, and whom to call. These three are the default.
# 可以找 call: homeroom_teacher 班主任, duty_leader 带班领导, guardian 家长, principal 校长,
#             police 报警
ladder = [
    { minutes = 0, call = ["homeroom_teacher"] },
    { minutes = 10, call = ["duty_leader", "guardian"] },
    { minutes = 30, call = ["principal", "police"] },
]

# 角色 roles: teacher 巡查教师, dorm_supervisor 宿管, safety_officer 安全干事,
#             principal 校长, duty_leader 带班领导, homeroom_teacher 班主任,
#             grade_head 年级主任, district_officer 区教育局
# 宿管写明 buildings，班主任和年级主任写明 classes；名册导入也会写这两项。
#   A supervisor has buildings, a homeroom teacher and a grade head have classes; importing the
#   roster writes both as well.
[[staff]]
id = "s01"
name = "张校长"
roles = ["principal"]
phone = ""                       # 可不填 optional

[[staff]]
id = "s02"
name = "李安全"
roles = ["safety_officer", "duty_leader"]

[[staff]]
id = "s03"
name = "王老师"
roles = ["teacher"]

[[staff]]
id = "s04"
name = "赵老师"
roles = ["homeroom_teacher", "dorm_supervisor"]
classes = ["701"]                # 班级 the class as the roster writes it
buildings = []                   # 宿舍楼的 id；名册导入时写入 written by importing the roster

[[areas]]
id = "gate"
name = "校门"
responsible = "s02"              # 网格责任人的 id；可不填 optional
order = 1

[[points]]
id = "p01"
name = "正门"
area = "gate"
risk = "red"                     # red 重大, orange 较大, yellow 一般, blue 低
order = 1
# 检查项：text 风险点，measure 管控措施。从列表删去的项会停用，历史记录不变。
items = [
    { id = "1", text = "门体牢固，开关正常", measure = "每日开门前检查" },
    { id = "2", text = "防冲撞设施在位", measure = "上下学时段放置到位" },
]

[[points]]
id = "p02"
name = "门卫室"
area = "gate"
risk = "yellow"
order = 2
# 平面图上的位置，单位米；可不填 optional
spot = { x = 12.0, y = 3.0, floor = 1 }
items = [{ id = "1", text = "防卫器械齐全", measure = "每日清点" }]

[[plans]]
id = "daily"
name = "日巡查"
rhythm = "daily"                 # daily, weekly, monthly, term
weekdays = [1, 2, 3, 4, 5]       # 1 = 星期一 Monday
points = ["p01", "p02"]          # 按行走顺序 in walking order
staff = ["s02", "s03"]           # 空 = 不限人 empty: anyone on duty
windows = [
    { name = "晨间", opens = "06:30", closes = "08:00" },
    { name = "放学", opens = "16:30", closes = "18:00" },
]

# 区里自定的重大隐患情形，补充教育部清单；同 id 的改写清单里的那一条，retired = true 停用。
#   The district's own conditions of major hazards; one with a national condition's id replaces it.
#   全区统一的写成单独的文件，用 `xunan conditions load`。 For all schools alike, in a file of
#   their own: `xunan conditions load`.
# 类别 category: fire 消防, building 校舍, food 食品, laboratory 实验室, transport 校车与交通,
#               crowding 拥挤踩踏, special_equipment 特种设备, utilities 水电气热,
#               security 安防, other 其他
[[conditions]]
id = "local-battery-room"
category = "fire"
name = "充电柜、储能电池放在教学楼或宿舍楼内"
basis = "区教育局校园消防专项要求"
"""
