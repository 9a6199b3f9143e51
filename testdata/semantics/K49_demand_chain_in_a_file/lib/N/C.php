<?php
namespace N;
class C extends \P
{
}
class C2
{
}
class C3 extends C
{
}
class C4 extends C3
{
}
