<?php
namespace N;

echo \t_name(null), ' ', \M\t_name(), "\n";
class B
{
}
