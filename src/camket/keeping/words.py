"""Vietnamese words of an export: it goes to people and systems outside, in the language of the agency."""

from __future__ import annotations

TITLES = {
    "org.level": "Cấp hành chính và loại cơ quan (danh mục)",
    "org.agency": "Cơ quan",
    "org.agencycode": "Mã của cơ quan, theo thời gian",
    "org.formername": "Tên cũ của cơ quan",
    "org.succession": "Sáp nhập, chia tách, đổi tên",
    "org.person": "Người của cơ quan",
    "org.unitsuccession": "Sáp nhập, chia tách, đổi tên bộ phận",
    "org.plannedsuccession": "Sáp nhập, chia tách, đổi tên bộ phận sắp tới",
    "org.unit": "Bộ phận, ban, tổ",
    "org.membership": "Vị trí công tác và vai trò",
    "org.seat": "Thành viên ban, tổ",
    "org.delegation": "Ủy quyền, giao phụ trách khi vắng mặt",
    "org.invitation": "Thư mời đăng nhập",
    "org.bodyname": "Cách gọi bộ phận, người trong văn bản",
    "org.calendaryear": "Lịch làm việc của cơ quan: năm",
    "org.calendarday": "Lịch làm việc của cơ quan: ngày nghỉ, ngày làm bù",
    "org.erasure": "Đề nghị và quyết định xóa dữ liệu cá nhân",
    "org.personaldatakind": "Danh mục dữ liệu cá nhân cơ quan lưu giữ",
    "org.subjectrequest": "Yêu cầu của chủ thể dữ liệu cá nhân",
    "journal.access": "Lượt xem dữ liệu cá nhân",
    "journal.accesstally": "Lượt xem dữ liệu cá nhân, gộp theo ngày",
    "documents.storedfile": "Tệp lưu trữ",
    "documents.evidence": "Minh chứng",
    "documents.controlleddocument": "Tài liệu của hệ thống quản lý chất lượng",
    "documents.controlleddocument_users": "Bộ phận sử dụng tài liệu",
    "documents.documentedition": "Lần ban hành của tài liệu",
    "documents.receipt": "Phân phối tài liệu, xác nhận đã đọc và hiểu",
    "documents.codepattern": "Cách đặt mã tài liệu",
    "documents.ownletterhead": "Đầu văn bản của cơ quan, theo thời gian",
    "documents.ownrecipients": "Nơi nhận của từng biểu mẫu, theo thời gian",
    "documents.papertemplate": "Mẫu Word riêng của biểu mẫu, từng bản",
    "documents.templateuse": "Mẫu Word riêng được áp dụng, theo thời gian",
    "documents.signer": "Người ký văn bản, theo thời gian",
    "documents.legaltext": "Văn bản pháp luật làm căn cứ",
    "documents.citation": "Căn cứ pháp lý của tài liệu",
    "documents.legalchange": "Thay đổi của văn bản pháp luật",
    "documents.changereview": "Rà soát tài liệu theo thay đổi của pháp luật",
    "improvement.auditprogramme": "Chương trình đánh giá nội bộ năm",
    "improvement.auditprogrammepaper": "Kế hoạch đánh giá nội bộ năm đã ký, từng phiên bản",
    "improvement.audit": "Cuộc đánh giá nội bộ",
    "improvement.auditpaper": "Quyết định thành lập đoàn, báo cáo đánh giá đã ban hành, từng phiên bản",
    "improvement.auditedunit": "Bộ phận được đánh giá",
    "improvement.auditor": "Thành viên đoàn đánh giá",
    "improvement.auditsession": "Lịch làm việc của cuộc đánh giá",
    "improvement.auditsession_auditors": "Đánh giá viên của từng buổi",
    "improvement.auditinvitation": "Giấy mời họp của cuộc đánh giá đã gửi",
    "improvement.ownquestion": "Câu hỏi đánh giá riêng của cơ quan",
    "improvement.auditquestion": "Phiếu ghi chép đánh giá",
    "improvement.auditquestion_evidence": "Minh chứng của phiếu ghi chép đánh giá",
    "improvement.finding": "Phát hiện đánh giá",
    "improvement.finding_evidence": "Minh chứng của phát hiện đánh giá",
    "improvement.nonconformity": "Sự không phù hợp",
    "improvement.correctivestep": "Việc trong kế hoạch khắc phục",
    "improvement.effectcheck": "Đánh giá hiệu lực của hành động khắc phục",
    "improvement.effectcheck_evidence": "Minh chứng của việc đánh giá hiệu lực",
    "improvement.contextissue": "Bối cảnh và bên quan tâm",
    "improvement.riskscale": "Thang điểm rủi ro",
    "improvement.risk": "Rủi ro và cơ hội",
    "improvement.riskrating": "Mức độ rủi ro qua các lần đánh giá",
    "improvement.risktreatment": "Việc xử lý rủi ro",
    "improvement.review": "Cuộc xem xét của lãnh đạo",
    "improvement.reviewmember": "Thành phần dự xem xét của lãnh đạo",
    "improvement.reviewinput": "Nội dung đầu vào xem xét của lãnh đạo",
    "improvement.reviewdecision": "Kết luận của cuộc xem xét",
    "improvement.selfassessment": "Lần tự đánh giá",
    "improvement.selfmark": "Kết quả tự đánh giá từng chỉ số",
    "improvement.selfmark_evidence": "Minh chứng của kết quả tự đánh giá",
    "improvement.selfwording": "Nội dung chỉ số tự đánh giá của cơ quan",
    "improvement.announcement": "Công bố hệ thống quản lý chất lượng",
    "packing.pack": "Hồ sơ phục vụ kiểm tra",
    "improvement.cyclerules": "Chu kỳ và thời hạn của chu trình cải tiến",
    "actions.action": "Biện pháp, công việc của kế hoạch",
    "actions.actionbody": "Chủ trì, phối hợp, theo dõi của biện pháp",
    "actions.trigger": "Sự kiện làm phát sinh công việc",
    "actions.task": "Đầu việc theo hạn",
    "actions.task_evidence": "Minh chứng của đầu việc",
    "actions.unitfeed": "Địa chỉ lịch của bộ phận",
    "actions.tasknote": "Diễn biến của đầu việc",
    "actions.listact": "Thao tác trên nhiều dòng của danh sách",
    "dossiers.field": "Lĩnh vực thủ tục hành chính",
    "dossiers.procedure": "Danh mục thủ tục hành chính",
    "dossiers.procedureedition": "Nội dung thủ tục hành chính theo thời gian",
    "dossiers.posting": "Niêm yết thủ tục hành chính",
    "dossiers.software": "Cách đọc tệp của phần mềm một cửa",
    "dossiers.batch": "Đợt nhập hồ sơ",
    "dossiers.refusedrow": "Dòng bị từ chối khi nhập hồ sơ",
    "dossiers.dossier": "Hồ sơ thủ tục hành chính",
    "dossiers.dossierchange": "Thay đổi của hồ sơ",
    "dossiers.pause": "Khoảng tạm dừng tính thời hạn của hồ sơ",
    "dossiers.letter": "Phiếu xin lỗi, văn bản giải trình",
    "dossiers.officehours": "Giờ làm việc",
    "dossiers.tallyrevision": "Số lần thay đổi số đếm hồ sơ",
    "dossiers.bucket": "Số đếm hồ sơ theo ngày, theo tháng",
    "voices.questionnaire": "Bộ câu hỏi khảo sát",
    "voices.questionnaireedition": "Nội dung bộ câu hỏi theo từng lần ban hành",
    "voices.survey": "Khảo sát",
    "voices.point": "Điểm khảo sát",
    "voices.handout": "Phiếu khảo sát phát ra",
    "voices.spentlink": "Liên kết khảo sát đã dùng",
    "voices.turnedaway": "Lượt trả lời khảo sát bị từ chối vì quá nhiều",
    "voices.slipbatch": "Đợt nhập phiếu khảo sát",
    "voices.response": "Lượt trả lời khảo sát",
    "voices.comment": "Ý kiến ghi trong khảo sát",
    "voices.ratingbucket": "Số đếm câu trả lời khảo sát theo ngày, theo tháng",
    "voices.answerrevision": "Số lần thay đổi số đếm khảo sát",
    "voices.countedmonth": "Số lần thay đổi số đếm khảo sát của từng tháng",
    "voices.feedbacklimit": "Thời hạn trả lời phản ánh, kiến nghị",
    "voices.feedback": "Phản ánh, kiến nghị",
    "voices.feedback_files": "Tệp kèm theo phản ánh, kiến nghị",
    "voices.feedback_concerns": "Người mà phản ánh, kiến nghị nói đến",
    "voices.feedbackstep": "Diễn biến xử lý phản ánh, kiến nghị",
    "registers.entry": "Dòng trong các sổ theo dõi",
    "registers.entry_evidence": "Minh chứng của dòng trong sổ theo dõi",
    "registers.listitem": "Danh mục riêng của các sổ theo dõi",
    "registers.extension": "Gia hạn công việc trong sổ theo dõi",
    "registers.batch": "Đợt nhập bảng tính vào sổ theo dõi",
    "registers.entrycount": "Số đếm các sổ theo dõi theo ngày",
    "registers.entryrevision": "Số lần thay đổi số đếm các sổ theo dõi",
    "registers.invitation": "Giấy mời họp đã gửi",
    "registers.letter": "Công văn đôn đốc",
    "registers.documentcopy": "Bản sao y, sao lục, trích sao văn bản",
    "registers.programmepaper": "Chương trình, báo cáo công tác đã phát hành",
    "registers.letter_units": "Bộ phận nhận công văn đôn đốc",
    "registers.letter_entries": "Việc trong sổ được đôn đốc",
    "registers.letter_tasks": "Đầu việc được đôn đốc",
    "notifications.notification": "Thông báo",
    "notifications.mail": "Thư điện tử nhắc việc",
    "notifications.choice": "Cách nhận thông báo của từng người",
    "notifications.escalationstep": "Cấp báo việc quá hạn",
    "publishing.publicpage": "Trang công khai của cơ quan",
    "publishing.publication": "Nội dung công khai",
    "publishing.place": "Nơi niêm yết",
    "publishing.plannedposting": "Kế hoạch công khai hằng năm",
    "publishing.plannedposting_places": "Nơi niêm yết trong kế hoạch công khai",
    "publishing.notice": "Sổ theo dõi niêm yết",
    "publishing.notice_evidence": "Minh chứng của lần niêm yết",
    "publishing.postinglist": "Danh mục nội dung đã công khai theo quý",
    "publishing.approvedpostingplan": "Kế hoạch công khai năm đã phê duyệt",
    "indicators.definition": "Định nghĩa chỉ số của cơ quan",
    "indicators.indicator": "Chỉ số",
    "indicators.reading": "Số liệu",
    "indicators.reading_evidence": "Minh chứng của số liệu",
    "indicators.continuation": "Chỉ số tiếp nối chỉ số của cơ quan hoặc kế hoạch trước",
    "objectives.plan": "Kế hoạch mục tiêu chất lượng",
    "objectives.objective": "Mục tiêu chất lượng",
    "objectives.target": "Chỉ tiêu",
    "objectives.objectiveaction": "Biện pháp trong từng mục tiêu",
    "reporting.handover": "Biên bản bàn giao công việc",
    "reporting.report": "Báo cáo",
    "reporting.reportcalendar": "Phiên bản lịch báo cáo",
    "reporting.reportline": "Dòng của lịch báo cáo",
    "reporting.reportoccurrence": "Báo cáo phải gửi theo lịch",
    "reporting.unitpart": "Phần của đơn vị trong báo cáo",
    "reporting.remark": "Nguyên nhân, biện pháp khắc phục trong báo cáo",
}
"""What each table is called; one that has no title here goes by its name."""

README = """DỮ LIỆU CỦA CƠ QUAN
===================

Cơ quan:      {agency} (mã {code})
Lấy ra lúc:   {made_at}
Phần mềm:     Cam Kết {version}

Tệp nén này chứa toàn bộ dữ liệu của cơ quan trong hệ thống, ở các định dạng mở, đọc được mà không cần
phần mềm Cam Kết. Tất cả các tệp chữ đều dùng bảng mã UTF-8.

CÁC THƯ MỤC
-----------
bang/*.csv        Mỗi bảng một tệp CSV, mở được bằng Excel, LibreOffice. Ô bắt đầu bằng = + - @ có thêm
                  dấu ' ở đầu để bảng tính không hiểu nhầm thành công thức.
bang/*.jsonl      Cũng các bảng ấy, mỗi dòng một bản ghi JSON, giữ nguyên giá trị gốc. Nên dùng các tệp
                  này khi chuyển sang hệ thống khác. Thời điểm ghi theo giờ UTC.
ke-hoach/*.json   Mỗi kế hoạch một tệp theo định dạng kế hoạch 1 của Cam Kết; nhập lại được vào hệ thống.
nhat-ky.jsonl     Nhật ký mọi thay đổi, kèm mã băm nối chuỗi: mỗi bản ghi chứa mã băm SHA-256 của bản ghi
                  trước nó, nên bản ghi bị sửa, bị gỡ hay bị chèn đều phát hiện được.
tep/              Các tệp đã đưa vào hệ thống (minh chứng, văn bản, báo cáo). Tên tệp bắt đầu bằng số của
                  tệp trong bảng documents_storedfile.
datapackage.json  Mô tả máy đọc được theo chuẩn Frictionless Data Package: các bảng, các cột, kiểu dữ liệu,
                  khóa và quan hệ giữa các bảng, mã SHA-256 của từng tệp.

CÁC BẢNG
--------
{tables}

KHÔNG CÓ TRONG TỆP NÀY
----------------------
Mật khẩu, yếu tố xác thực thứ hai, khóa và đường dẫn bí mật của từng người; phiên đăng nhập; dữ liệu của
cơ quan khác.

DỮ LIỆU CÁ NHÂN
---------------
Các bảng org_person, org_membership, nhat-ky.jsonl và nhiều bảng khác có họ tên, tên đăng nhập, thư điện tử
của cán bộ, công chức. Cơ quan chịu trách nhiệm giữ kín và chỉ dùng đúng mục đích theo Luật Bảo vệ dữ liệu
cá nhân số 91/2025/QH15. Xóa tệp này khi không còn cần.
{missing}"""

MISSING = """
TỆP THIẾU
---------
Các tệp sau có trong bảng documents_storedfile nhưng đã mất hoặc bị thay đổi trên đĩa khi lấy dữ liệu:
{names}
"""
