"""On what a department's duty rests, by its letter in departments.yml."""

DUTY_BASES: dict[str, str] = {
    "S": "改革方案",
    "L": "法律法规",
    "P": "公开材料",
    "G": "待本单位确认",
}
