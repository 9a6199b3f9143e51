<?php
// 这个文件的编码是 GBK：编译时每个字节都必须保持不变。
L(array(
    'ABOUT_TITLE' => '关于本站',
    'ABOUT_TEXT'  => '这里写的是印刷、代码和天气。文章用英文写成，这一页是唯一的例外。',
    'ABOUT_BYTES' => '本页以 GBK 编码发送，它的文字来自一个 GBK 编码的 PHP 文件。',
    'ABOUT_OLD'   => '從前的編譯器，今天的頁面。',
    'HOME'        => '返回首页',
    # 注释也是 GBK
    'QUOTE'       => <<<QUOTE
“床前明月光，
  疑是地上霜。”
QUOTE
), 'gbk');
