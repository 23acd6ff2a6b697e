"""What of a resident must not stand in what is told in public."""

import pytest

from forms_app.rules.public_notes import COPIED_LETTERS, crossing

LETTER = "三楼的王奶奶说，楼道灯坏了三天没人来修，晚上下楼看不见。"
LEFT = ("李小明", "139 0000 0000", "ming@example.org")


@pytest.mark.parametrize(
    "told",
    [
        "换了感应灯，线路也查过。",
        "楼道灯换好了。",  # what things are called may be said again
        "2天换了12盏灯，花了3600元。",
        "联系市政，7月20日起每天清运两次。",
        "新换了4台充电桩，微信扫码就能用，QQ群里也说过。",
        "二〇二六年十一月三日起，A区和B区分开清运。",
        "工期2026-11-03到2026-11-20，每天9:00-17:30施工。",
        "花了1,234,567元，其中材料1250000元。",
        "和老师、班主任一起开了会，由于师傅多，三天就好了。",
        "请老师傅来看过，项目部主任也到了场。",
        "高层居民反映的水压恢复了，王府井路口的护栏修好了。",
        "小高层的水压恢复了，小黄车和老石板都清走了。",
        "黄金岭街道书记到场，威信不是说出来的。",
        "老城区排水管网改造，李家巷、张家湾的积水已排干，老马路铺平了。",
        "居民高兴地说灯亮了，业主高度关注的停车有了方案，居民万一遇到停水可以打值班电话。",
        "反映人对结果满意，负责人已约谈，当事人达成一致，房东已拆除隔断。",
        "金山大道、何家坳、汤池路和钟楼广场都修好了，万年青补种了200株。",
    ],
)
def test_the_communitys_own_words_may_be_told(told: str) -> None:
    assert crossing(told, LEFT, [LETTER]) == ""


@pytest.mark.parametrize(
    "told",
    [
        "李小明反映的灯修好了。",
        "请打13900000000问。",
        "请打１３９-0000 0000问。",
        "写信到 ming@example.org。",
        "身份证36070219900101001X已核对。",
        "请打一三九零零零零零零零零问。",
        "请打13八1234五678问。",
        "请打壹叁捌壹贰叁肆伍陆柒捌问。",
        "请打一三八，一二三四，五六七八问。",
        "请打138①②③④5678问。",
        "请打１３８－１２３４－５６７８问。",
        "请打138—1234—5678问。",
        "写信到 ming＠example．org。",
        "加我V信：laowang1968",
        "vx laozhang_88",
        "威信 abc123456",
        "扣扣一二三四五六七",
        "车牌尾号B6789的车挪走了。",
        "车牌号是赣逼幺二三四五。",
        "赣B幺二三四五的车挪走了。",
        "厂前巷12号301的灯修好了。",
        "三栋二单元的灯修好了。",
        "找刘主任问。",
        "请物业李师傅换了灯。",
        "李秀英大妈说路灯亮了。",
        "王奶奶家的扶手修好了。",
        "感谢欧阳建国反映路灯不亮。",
        "司马相芳老人反映助餐点太远。",
        "维修工李师傅换了阀门，小刘师傅也来了。",
        "老李家门口的垃圾清了。",
        "老张头说井盖换了。",
        "赵工带队检修。",
        "住户张伟（男，45岁）满意。",
        "反映人黄晓明对结果满意。",
        "买买提·艾力的摊位安排好了。",
        "租户迪丽热巴的押金退了。",
        "身份证尾号0123X的老人办好了卡。",
        "欧阳阿姨帮了忙。",
        "张桂花反映的灯修好了。",
        "感谢网格员小陈。",
        "请张工看过了。",
        "微 信：abc_12345",
        "赣b 1 2 3 4 5的车挪走了。",
        "m i n g @ example . org",
        "联系人：周红",
        "赣B12345的车已经挪走。",
        "赣Ｂ·D12345充电的桩修好了。",
        "加微信zhang_138问。",
        "5#302门口的灯修好了。",
        "B座门口的灯修好了。",
        "3栋2单元的灯修好了。",
        "修好了5-201门口的灯。",
        "居民说：楼道灯坏了三天没人来修，现在好了。",
        "楼 道 灯 坏了 三天，没人 来修。",
        "樓道燈壞了三天沒人來修",
    ],
)
def test_what_is_a_residents_is_refused_with_its_reason(told: str) -> None:
    assert crossing(told, LEFT, [LETTER]).endswith("。")


def test_nothing_is_found_in_what_nobody_left() -> None:
    assert crossing("灯修好了。", ("", "", ""), ["", "灯"]) == ""


def test_a_run_of_letters_counts_from_one_length_on() -> None:
    written = "abcdefghijklmnop"
    assert crossing(f"说{written[:COPIED_LETTERS]}", (), [written])
    assert not crossing(f"说{written[: COPIED_LETTERS - 1]}", (), [written])
