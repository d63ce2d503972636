"""The multi-point inspection that a group is given ready (Rule W3); it may publish others."""

MULTI_POINT = {
    "template_code": "MPI",
    "name_zh": "全车检测",
    "name_en": "Multi-point inspection",
    "items": [
        {
            "item_code": "PAD-F",
            "name_zh": "前制动片",
            "name_en": "Front brake pad",
            "unit": "mm",
            "worse": "lower",
            "amber": "4",
            "red": "2",
            "highest": "30",
            "safety": True,
            "operation_code": "BRK-PAD-F",
        },
        {
            "item_code": "BATTERY",
            "name_zh": "蓄电池电压",
            "name_en": "Battery",
            "unit": "V",
            "worse": "lower",
            "amber": "12.2",
            "red": "11.8",
            "highest": "32",
        },
        {
            "item_code": "COOLANT",
            "name_zh": "冷却液冰点",
            "name_en": "Coolant freezing point",
            "unit": "℃",
            "worse": "higher",
            "amber": "-25",
            "red": "-15",
            "lowest": "-80",
            "highest": "10",
        },
    ],
}
