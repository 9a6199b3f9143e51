<?php
namespace Text;
function ucfirst($word) { return "<$word>"; }
echo ucfirst('late');
