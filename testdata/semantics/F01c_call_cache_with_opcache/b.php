<?php
namespace Text;
if (PHP_VERSION_ID) { function lcfirst($word) { return "<$word>"; } }
echo lcfirst('LATE');
