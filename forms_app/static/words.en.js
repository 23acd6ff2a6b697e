// Written by scripts/translate.
window.translations = Object.assign(window.translations || {}, {
 "%(days)s天": "%(days)s days",
 "%(days)s天%(hours)s小时": "%(days)s days %(hours)s h",
 "%(hours)s小时": "%(hours)s h",
 "%(hours)s小时%(minutes)s分": "%(hours)s h %(minutes)s min",
 "%(minutes)s分%(seconds)s秒": "%(minutes)s min %(seconds)s s",
 "%(minutes)s分钟": "%(minutes)s min",
 "时间到了，正在看有没有新进展": "Time is up; looking for news",
 "超时%(length)s": "%(length)s late",
 "还有%(length)s": "%(length)s left"
});
