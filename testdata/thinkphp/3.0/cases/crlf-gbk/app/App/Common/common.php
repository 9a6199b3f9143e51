<?php
// 应用的函数：最后一个字节是反斜线的字，如 軺
function title()
{
    return C('site_name') . '韁x' . "\x41" . '昞n'; // 注释
}
