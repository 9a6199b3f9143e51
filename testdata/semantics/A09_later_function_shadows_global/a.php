<?php
namespace Text;
echo ucfirst('early'), ' ';
