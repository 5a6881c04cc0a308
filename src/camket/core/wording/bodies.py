"""Who does a planned action, and what evidences it: lists in table cells and sentences, and the bodies they name."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import pairwise

from camket.core.plan import Level
from camket.core.wording.phrases import one_of
from camket.core.wording.text import bare_words, fold, fold_mapped, lower, search_key

__all__ = ["lead_and_support", "level_of", "same_body", "split_bodies", "split_items"]

# A list mark at the beginning of a line, or after the punctuation that ends an item.
_MARK = r"(?:[-–—•·*+●▪]|\d{1,2}[.)](?!\d)|\(\d{1,2}\)|[a-zđ]\))\s*"
_LINE_MARK = re.compile(rf"^\s*{_MARK}")
_INNER_MARK = re.compile(r"(?<=[;.:,])\s+[-–—•·*+●▪]\s*(?=\S)|\s*[•●▪]\s*")
_DASH_BEFORE_CAPITAL = re.compile(r"\s[-–—]\s(?=[A-ZÀ-ỸĐ])")
# Compound names that are written with a spaced dash.
_COMPOUND_BEFORE_DASH = re.compile(
    r"(?:văn hóa|văn hoá|văn phòng|địa chính|tư pháp|kinh tế|tài chính|lao động|nông nghiệp|xây dựng|đô thị"
    r"|khoa học|giáo dục|dân số|thanh niên|nội vụ|giao thông|hộ tịch|thông tin|công thương|công khai|minh bạch"
    r"|hiện đại|độc lập|tự do|văn thư|thủ quỹ|kế toán|mặt trận|thương binh|hành chính|quân sự|thể thao)$",
    re.IGNORECASE,
)
_END = " \t\n;,."


def _lines(text: str) -> list[str]:
    """Return the items that line ends and list marks divide."""
    lines: list[str] = []
    for raw in fold_mapped(text, keep_lines=True).text.split("\n"):
        marked = _LINE_MARK.match(raw)
        # A line without a mark of its own goes on with the line above, unless that one was finished.
        if lines and not marked and _goes_on(lines[-1].rstrip(), raw.strip()):
            lines[-1] += " " + raw.strip()
            continue
        lines.extend(part for part in _INNER_MARK.split(_LINE_MARK.sub("", raw)) if part.strip())
    return lines


def _goes_on(before: str, line: str) -> bool:
    if before.endswith((";", ".")):
        return False
    return not line or line[0].islower() or line[0] in "(&/" or before.endswith((" -", " –", "&", "/"))


def _divide(text: str, signs: str) -> list[str]:
    """Return the text divided at ``signs`` that stand outside brackets and quotation marks."""
    if text.count("(") != text.count(")"):
        protected = [False] * len(text)
    else:
        protected, depth = [], 0
        for character in text:
            depth += character in "(“["
            protected.append(depth > 0)
            depth -= character in ")”]"
    parts, start = [], 0
    for at, character in enumerate(text):
        if character in signs and not protected[at]:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _bare(item: str) -> str:
    """Return an item without its list mark and final punctuation; an ellipsis stays."""
    item = _LINE_MARK.sub("", item.strip(), count=1) if not re.match(r"\d", item.strip()) else item.strip()
    while item and item[-1] in _END:
        if item.endswith(("...", "..")) or item.endswith("…"):
            break
        item = item[:-1]
    return item.strip()


def split_items(text: str) -> tuple[str, ...]:
    """Return the items of evidence of a cell: divided by ``;``, list dashes and line breaks, never by a comma.

    >>> split_items("- Kế hoạch, chương trình (dự thảo; bản ký);\\n- Biên bản họp.")
    ('Kế hoạch, chương trình (dự thảo; bản ký)', 'Biên bản họp')
    """
    items: list[str] = []
    for line in _lines(text):
        for part in _divide(line, ";"):
            items.extend(_dashed(part) if _LINE_MARK.match(text.lstrip()) else [part])
    return tuple(bare for bare in (_bare(item) for item in items) if bare and bare not in "-–—")


def _dashed(text: str) -> list[str]:
    """Return the items of a list whose line breaks were lost: a spaced dash before a capital divides."""
    parts, start = [], 0
    for match in _DASH_BEFORE_CAPITAL.finditer(text):
        before = text[start : match.start()]
        if _COMPOUND_BEFORE_DASH.search(before) or before.count("(") != before.count(")"):
            continue
        parts.append(before)
        start = match.end()
    return [*parts, text[start:]]


# Words that begin the name of one body; a comma before one of them divides.
_HEAD = re.compile(
    one_of(
        r"""
        (?:ông|bà|đồng chí|đ/c|các đồng chí)\b|văn phòng|vp\b|vp-|vptk|phòng|p\.|ban|bcđ|bch|bộ phận|bp|trung tâm|tt\.?\s|tthc
        công chức|cc\b|cán bộ|cbcc|cb,|viên chức|thư ký|trưởng|phó|chánh|thủ trưởng|lãnh đạo|lđ|chủ tịch|ct\b|pct|bí thư|giám đốc
        qmr|đdlđ|đại diện lãnh đạo|công an|quân sự|sở|chi cục|cục|ubnd|uỷ ban|ủy ban|hđnd|hội đồng|đảng ủy|đảng uỷ
        ubmttq|mttq|mặt trận|hội|đoàn|trạm|trường|tổ|nhóm|kế toán|văn thư|địa chính|tư pháp|người|nhân viên|chuyên viên
        các|toàn thể|tất cả|mọi|từng|vhxh|đơn vị|cơ quan|thành viên|iso
        """
    )
)
# What may follow a comma inside one collective body ("các phòng, ban, đơn vị thuộc …").
_COLLECTIVE = re.compile(
    one_of(
        """
        sở|phòng|ban|ngành|đơn vị|bộ phận|cơ quan|tổ chức|đoàn thể|hội|thôn|xóm|ấp|bản|khu phố|tổ dân phố|tổ|lĩnh vực
        xã|phường|thị trấn|công chức|viên chức|cá nhân|cán bộ|người lao động|lao động|khu|chi bộ|trạm|trường|cbcc
        nhân viên|trung tâm
        """
    )
    + r"\b"
)
_OFFICERS = "(?:(?:thủ )?trưởng|lãnh đạo|người đứng đầu|cán bộ|công chức|đại diện|chuyên viên|phụ trách|ubnd)"
_ALL = "(?:các|những|toàn thể|tất cả|toàn bộ|mọi|từng)"
_COLLECTIVE_START = re.compile(
    rf"^{_OFFICERS}? ?(?:{_ALL} ?)*"
    + one_of(
        """
        sở|phòng|ban|ngành|đơn vị|bộ phận|cơ quan|tổ chức|đoàn thể|hội|thôn|xóm|ấp|bản|khu phố|tổ|cán bộ|công chức|viên chức
        cá nhân|xã|phường
        """
    )
    + r"\b"
)
_PLURAL_START = re.compile(rf"^{_OFFICERS}? ?{_ALL}\b|^(?:cán bộ|công chức|cbcc)$")
# Institutions whose own name holds commas: "Phòng Kinh tế, Hạ tầng và Đô thị".
_INSTITUTION = re.compile(
    r"^(?:(?:trưởng|phó|lãnh đạo|công chức|giám đốc) )*(?:phòng|sở|bộ|ban|vụ|trung tâm|ủy ban|công chức) \S"
)


def split_bodies(text: str) -> tuple[str, ...]:
    """Return the bodies that a cell names, in reading order.

    ``,`` and ``;`` divide, as do list dashes and line breaks; ``/`` never does. A collective
    ("các cơ quan, đơn vị thuộc UBND xã") is one body, and so is an institution whose own name has a comma.

    >>> split_bodies("Văn phòng HĐND&UBND, Trưởng các Phòng, ban, đơn vị thuộc UBND xã")
    ('Văn phòng HĐND&UBND', 'Trưởng các Phòng, ban, đơn vị thuộc UBND xã')
    >>> split_bodies("Phòng Kinh tế, Hạ tầng và Đô thị; Bộ phận Tiếp nhận và Trả kết quả")
    ('Phòng Kinh tế, Hạ tầng và Đô thị', 'Bộ phận Tiếp nhận và Trả kết quả')
    """
    bodies: list[str] = []
    for line in _lines(text):
        for part in _divide(line, ";"):
            for body in _join_names(_divide(part, ",")):
                bodies.extend(_at_and(body))
    return tuple(
        bare for bare in (_bare(_LABEL.sub("", body)) for body in bodies) if bare and bare not in "-–—"
    )


_LABEL = re.compile(
    r"^\s*(?:(?:đơn vị|cơ quan|bộ phận|người)\s+)?(?:chủ trì|phối hợp|thực hiện)(?:\s+thực hiện)?\s*:\s*"
    r"|^\s*phối hợp\s+(?:với|cùng)\s+",
    re.IGNORECASE,
)


def _join_names(parts: list[str]) -> list[str]:
    """Return the comma parts of a list with those of one name joined again."""
    joined: list[str] = []
    for index, part in enumerate(parts):
        plain = lower(part).strip()
        if (
            joined
            and plain
            and _continues(lower(joined[-1]).strip(), plain, part.strip(), parts[index + 1 :])
        ):
            joined[-1] += "," + part
        else:
            joined.append(part)
    return joined


def _continues(before: str, plain: str, written: str, later: list[str]) -> bool:
    if _PLURAL_START.match(before) and _COLLECTIVE_START.match(before):
        # Inside "các phòng, ban, đơn vị thuộc …" until the collective is closed by what qualifies it.
        closed = re.search(r"\b(?:thuộc|trực thuộc|của|liên quan|chuyên môn|có liên quan)\b", before)
        return (
            bool(_COLLECTIVE.match(plain))
            and not closed
            and (written[:1].islower() or len(plain.split()) <= 2)
        )
    if before in (
        "cán bộ",
        "toàn thể cán bộ",
        "công chức",
        "cán bộ, công chức",
        "toàn thể cán bộ, công chức",
    ):
        return bool(re.match(r"(?:công chức|viên chức|người lao động)\b", plain)) and len(plain.split()) <= 6
    if _INSTITUTION.match(before) and not _HEAD.match(plain):
        rest = [plain, *(lower(part).strip() for part in later)]
        for item in rest:
            if _HEAD.match(item):
                return False
            if " và " in item:
                return not _HEAD.match(item.split(" và ", 1)[1])
    return False


_AND = re.compile(
    r" và (?="
    + one_of(
        r"""
        các (?:cơ quan|phòng|ban|bộ phận|đơn vị|thôn|ngành|công chức|tổ chức|đoàn thể|thành viên)
        (?:văn phòng|phòng|trung tâm|bộ phận|công chức|thư ký|trưởng|chánh|thủ trưởng|lãnh đạo|chủ tịch|phó chủ tịch) \S
        (?:công an|ban chỉ đạo|bcđ|tổ công nghệ) \S
        qmr\b
        """
    )
    + ")",
    re.IGNORECASE,
)


def _at_and(body: str) -> list[str]:
    """Return the bodies that "và" joins where a new body's head follows it."""
    parts = _AND.split(body)
    plain = lower(parts[0]).strip()
    if (
        len(parts) == 1
        or _PLURAL_START.match(plain)
        and not re.search(r"thuộc|chuyên môn|liên quan|của", plain)
    ):
        return [body]
    return parts


_ACTS = re.compile(
    r"\s"
    + one_of(
        r"""
        để|nhằm|kịp thời|thường xuyên|định kỳ|tiếp tục|chủ động|tích cực|có trách nhiệm|hằng|hàng|cùng
        cập nhật|thực hiện|tham mưu|xây dựng|triển khai|theo dõi|rà soát|kiểm tra|kiểm soát|hướng dẫn|tổng hợp|đôn đốc
        tổ chức(?= [a-zà-ỹđ])(?! (?:chính trị|đoàn thể|xã hội|liên quan|có liên quan|hội)\b)
        tuyên truyền|niêm yết|công khai|báo cáo|giải quyết|nghiên cứu|phổ biến|quán triệt|đánh giá|khảo sát|lập|soạn thảo
        ban hành|trình|tiếp nhận|xử lý|thống kê|duy trì|cải tiến|đề xuất|bố trí|đảm bảo|bảo đảm|giám sát|xem xét|thẩm định
        cung cấp|hoàn thành|hoàn thiện|đẩy mạnh|tăng cường|vận động|chuẩn bị|mở|số hóa|số hoá|phân công|công bố|lấy ý kiến
        khắc phục|điều chỉnh|nâng cao|đăng tải|tiến hành|rút kinh nghiệm|sửa đổi|bổ sung|phân tích|thu thập|chỉ đạo
        thành lập|đào tạo|tập huấn|bồi dưỡng|giúp|gửi|họp|nhắc|xác minh|đối chiếu|tháo gỡ|thông báo|vận hành|thẩm tra
        chấm điểm|tự đánh giá|nhập|phát (?:phiếu|tờ|động|hành|hiện)|ký (?:cam kết|kết)|cử|phối hợp|đăng ký|ra quân
        tuần tra|trồng|nạo vét|sửa chữa|thu gom|chi trả|hòa giải|hoà giải|đối thoại|tiếp công dân|xác nhận|nâng cấp|cài đặt
        """
    )
    + r"\b(?! và trả kết quả)"
)
# A verb after one of these is part of a name: "Bộ phận tiếp nhận …", "Ban chỉ đạo".
_NAME_GOES_ON = re.compile(r"(?:\bbộ phận|\bban|\btổ|\bđoàn|\bủy ban|\btrưởng|,|\bcác|\bvà)$")
_LEADS = re.compile(
    r"(?P<lead>[^:;.]*?) ?[,(]? ?(?:là (?:cơ quan|đơn vị) )?(?:chịu trách nhiệm )?chủ trì(?: thực hiện)?\)? ?"
    r"(?:(?:,|;|và|-)? ?phối hợp(?: chặt chẽ)?(?: ?(?:cùng với|cùng|với))? (?P<support>[^.;]*)"
    r"|[,;] ?(?P<named>[^.;]*?) ?\(?phối hợp\b\)?)",
    re.IGNORECASE,
)
_LONGEST_LEAD = 400
_LEADS_ALONE = re.compile(
    r"^(?:[-–+•]|\d+[.)])? ?(?:giao(?: cho)? )?(?P<lead>[^,;.:()]{3,80}?) (?:chịu trách nhiệm )?chủ trì\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"chủ trì\s*:\s*(?P<lead>.+?)\s*[;.,\n-]*\s*"
    r"(?:(?:đơn vị|cơ quan|bộ phận)\s+)?phối hợp(?:\s+thực hiện)?\s*:\s*(?P<support>.+)",
    re.IGNORECASE | re.DOTALL,
)
_ENTRUSTED = re.compile(r"^.*\b(?:giao cho|giao|do) (?=[A-ZÀ-ỸĐ])")
_TIME_PHRASE = re.compile(
    r"^\s*(?:trước|sau|định kỳ|hằng|hàng|từ|trong|ngày|tháng|quý|năm|khi|chậm nhất|đến|vào)\b[^,]*,\s*",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"^\s*(?:(?:-|\+|\d+[.)])\s*)?(?:giao(?:\s+cho)?|do|đề nghị|yêu cầu|phân công)\s+", re.IGNORECASE
)


def lead_and_support(sentence: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who leads and who supports by the formula "A chủ trì, phối hợp với B, C …"; empty where it is absent.

    >>> lead_and_support("Công an xã chủ trì, phối hợp với Văn phòng, các thôn rà soát nhân khẩu.")
    (('Công an xã',), ('Văn phòng', 'các thôn'))
    >>> lead_and_support("Rà soát nhân khẩu.")
    ((), ())
    """
    labelled = _LABELLED.search(sentence)
    if labelled:
        return split_bodies(labelled["lead"]), split_bodies(labelled["support"])
    text = fold(sentence)
    at = lower(text).find("chủ trì")
    if at < 0:
        return (), ()
    text = text[max(0, at - _LONGEST_LEAD) :]
    match = _LEADS.search(text)
    if not match:
        alone = _LEADS_ALONE.match(text)
        named = alone is not None and _HEAD.match(lower(alone["lead"]))
        return (split_bodies(alone["lead"]), ()) if alone and named else ((), ())
    support = match["support"] if match["support"] is not None else match["named"]
    return split_bodies(_who(match["lead"])), split_bodies(_closed(_until_act(support)))


def _who(words: str) -> str:
    """Return the bodies among the words before "chủ trì": without the time, the act or the bracket before them."""
    words = _TIME_PHRASE.sub("", _ENTRUSTED.sub("", _GIVEN.sub("", words)))
    return words.rsplit("(", 1)[-1] if words.count("(") > words.count(")") else words


def _closed(words: str) -> str:
    return words.split(")", 1)[0] if words.count(")") > words.count("(") else words


def _until_act(text: str) -> str:
    """Return the bodies before the verb that says what is to be done."""
    plain = lower(text)
    for match in _ACTS.finditer(plain):
        before = plain[: match.start()].rstrip()
        if not _NAME_GOES_ON.search(before):
            return text[: match.start()]
    return text


_CENTRAL_CITIES = ("ha noi", "ho chi minh", "hai phong", "da nang", "can tho")
_OF_COMMITTEE = "(?:ubnd |uy ban nhan dan |hdnd |hoi dong nhan dan |hdnd va ubnd |dang uy )?"
_LEVELS: tuple[tuple[re.Pattern[str], Level], ...] = tuple(
    (re.compile(rf"{_OF_COMMITTEE}(?:{names})\b"), level)
    for names, level in (
        ("xa|thi tran|dac khu", Level.COMMUNE),
        ("phuong", Level.WARD),
        ("huyen|quan|thi xa", Level.DISTRICT),
        ("tinh", Level.PROVINCE),
    )
)
_DEPARTMENT = re.compile(
    one_of(
        """
        so|phong|ban|trung tam|chi cuc|cuc|van phong|thanh tra|vien|truong|benh vien|tram|bo phan|quy|vu|kho bac|bao hiem
        """
    )
    + r"\b"
)
_CITY = re.compile(rf"{_OF_COMMITTEE}(?:thanh pho|tp\.?)\s*(?P<name>.*)")


def level_of(name: str, year: int | None = None) -> Level | None:
    """Return the level of the body of this name, or None where the name does not tell.

    A body or public service unit below a committee is of level ``department``. ``year`` tells the two
    cities of Huế apart: centrally governed from 2025.
    Source: Nghị quyết 175/2024/QH15; Luật Tổ chức chính quyền địa phương 2025, Điều 1.

    >>> level_of("UBND xã An Phú"), level_of("Trung tâm Phục vụ hành chính công phường 5")
    (<Level.COMMUNE: 'commune'>, <Level.DEPARTMENT: 'department'>)
    """
    key = search_key(name).strip(" .,;:")
    if _DEPARTMENT.match(key):
        return Level.DEPARTMENT
    for pattern, level in _LEVELS:
        if pattern.match(key):
            return level
    if city := _CITY.match(key):
        if city["name"].startswith(_CENTRAL_CITIES):
            return Level.PROVINCE
        if city["name"].startswith("hue") and year is not None and year >= 2025:
            return Level.PROVINCE
        return Level.DISTRICT
    return None


_ABBREVIATIONS = (
    (r"hđnd\s*(?:&|và|-)\s*ubnd", "hội đồng nhân dân ủy ban nhân dân"),
    (r"(?:vp|văn phòng)\s*[-–]\s*(?:tk|thống kê)|vptk", "văn phòng thống kê"),
    (r"vh\s*-?\s*xh|vhxh", "văn hóa xã hội"),
    (r"kt\s*-?\s*xh", "kinh tế xã hội"),
    (r"kt\s*,?\s*ht\s*(?:&|và)\s*đt|kthtđt", "kinh tế hạ tầng đô thị"),
    (r"ttpvhcc|tt\s+pvhcc|pvhcc", "trung tâm phục vụ hành chính công"),
    (r"tn\s*&\s*tkq|tn\s+và\s+tkq|tntkq", "tiếp nhận trả kết quả"),
    (r"bp\s+(?:một|1)\s+cửa|bộ phận một cửa", "bộ phận tiếp nhận trả kết quả"),
    (r"ubmttq(?:vn)?|mttq(?:vn)?", "mặt trận tổ quốc"),
    (r"đc\s*-\s*(?:nn|xd)(?:\s*-\s*(?:nn|xd|mt|đt))*", "địa chính xây dựng"),
    (r"tp\s*-\s*ht", "tư pháp hộ tịch"),
    (r"tc\s*-\s*kt", "tài chính kế toán"),
    (r"ldtbxh|lđ-?tb-?&?-?xh", "lao động thương binh xã hội"),
    (r"đ/c", ""),
    (r"tthc", "thủ tục hành chính"),
    (r"ttđt", "thông tin điện tử"),
    (r"hcc", "hành chính công"),
    (r"hđnd", "hội đồng nhân dân"),
    (r"ubnd|uỷ ban nhân dân", "ủy ban nhân dân"),
    (r"bcđ", "ban chỉ đạo"),
    (r"bch", "ban chỉ huy"),
    (r"qmr|đdlđ", "đại diện lãnh đạo"),
    (r"cbcc(?:vc)?", "cán bộ công chức"),
    (r"cc", "công chức"),
    (r"pct", "phó chủ tịch"),
    (r"ct", "chủ tịch"),
    (r"lđ", "lãnh đạo"),
    (r"vp", "văn phòng"),
    (r"tk", "thống kê"),
    (r"tt", "trung tâm"),
    (r"bp", "bộ phận"),
    (r"p\.?", "phòng"),
    (r"đvsn", "đơn vị sự nghiệp"),
    (r"cqcm", "cơ quan chuyên môn"),
    (r"htqlcl", "hệ thống quản lý chất lượng"),
    (r"gd\s*&?\s*đt", "giáo dục đào tạo"),
    (r"kh\s*&\s*cn", "khoa học công nghệ"),
    (r"tn\s*&\s*mt", "tài nguyên môi trường"),
)
_EXPANSIONS = tuple(
    (re.compile(rf"(?<![\w&]){short}(?![\w&])"), f" {long} ") for short, long in _ABBREVIATIONS
)
# Words that say little about which body is meant.
_WEAK = frozenset(
    ("va", "cua", "cac", "thuoc", "voi", "cho", "nhung", "tai", "xa", "phuong", "huyen", "tinh", "cap")
)
_KINDS = (
    "phong",
    "ban",
    "bo phan",
    "trung tam",
    "van phong",
    "cong chuc",
    "thu ky",
    "so",
    "cong an",
    "ban chi huy",
)


def _words(name: str) -> list[str]:
    plain = f" {lower(fold(name))} "
    for pattern, long in _EXPANSIONS:
        plain = pattern.sub(long, plain)
    return bare_words(plain)


def same_body(first: str, second: str) -> float:
    """Return how alike two names of a body are, 0 to 1, abbreviations written out first.

    A face proposes above about 0.7 and asks a person below it, or where two candidates are close.

    >>> same_body("VP-TK", "Văn phòng - Thống kê") == 1.0
    True
    >>> same_body("Phòng VHXH xã", "Phòng Văn hóa - Xã hội") > 0.9
    True
    >>> same_body("Phòng Kinh tế", "Công an xã") < 0.3
    True
    """
    one, two = _words(first), _words(second)
    if not one or not two:
        return 0.0
    if one == two:
        return 1.0
    weights = {word: 0.25 if word in _WEAK else 1.0 for word in (*one, *two)}
    shared = sum(weights[word] for word in set(one) & set(two))
    overlap = 2 * shared / (sum(weights[word] for word in set(one)) + sum(weights[word] for word in set(two)))
    # Pairs of syllables are the words of Vietnamese: "văn phòng" is not in "phòng văn hóa".
    pairs_one, pairs_two = set(pairwise(one)), set(pairwise(two))
    fewest = min(len(pairs_one), len(pairs_two))
    contained = len(pairs_one & pairs_two) / fewest if fewest else overlap
    order = SequenceMatcher(None, " ".join(one), " ".join(two), autojunk=False).ratio()
    score = 0.5 * overlap + 0.25 * contained + 0.25 * order
    kinds = {_kind(one), _kind(two)} - {""}
    return round(min(score * (0.7 if len(kinds) > 1 else 1.0), 0.99), 4)


def _kind(words: list[str]) -> str:
    text = " ".join(words)
    return next((kind for kind in _KINDS if f"{text} ".startswith(f"{kind} ")), "")
