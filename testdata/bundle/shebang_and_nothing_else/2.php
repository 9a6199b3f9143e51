<?php
namespace A;
echo __NAMESPACE__, "\n";
