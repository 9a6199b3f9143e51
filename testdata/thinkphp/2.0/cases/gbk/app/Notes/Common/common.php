<?php
// 应用的函数：最后一个字节是反斜线的字，如 軺
function page()
{
    return C('SITE_NAME') . '韁x' . "\x41" . '昞n'; // 注释
}
