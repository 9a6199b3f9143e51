<?php
namespace Text;
echo lcfirst('EARLY'), ' ';
