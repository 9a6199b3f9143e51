<?php
// 中文
echo '中\\文';