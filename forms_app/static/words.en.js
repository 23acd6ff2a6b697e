// Written by scripts/translate.
window.translations = Object.assign(window.translations || {}, {
 "凭它查进度、作评价，不要给别人看": "To follow the problem and judge the result; show it to nobody",
 "图片在这里；没有自动存下来的话，长按它保存。": "Here is the picture; if it was not saved by itself, press and hold it to save it.",
 "复制": "Copy",
 "存成图片": "Save as a picture",
 "已经擦掉。请自己留好查询码。": "Erased. Please keep the ticket yourself.",
 "念查询码": "Read the ticket aloud",
 "打印": "Print",
 "擦掉这台手机上的记录": "Erase what this phone remembers",
 "查询码": "Ticket",
 "查询码已经复制。": "The ticket has been copied.",
 "查询码的图片": "Picture of the ticket",
 "自己的链接": "Private link",
 "请长按下面的字复制：": "Press and hold the text below to copy it:",
 "这台手机记住的事": "Remembered on this phone",
 "这部手机已经记住，点“查进度”就有。": "This phone remembers it: you find it under “Track”.",
 "链接已经复制。只给自己用，不要发到群里。": "The link has been copied. Keep it to yourself.",
 "问题 %(number)s，%(month)s月%(day)s日说的": "Problem %(number)s, of %(day)s.%(month)s."
});
