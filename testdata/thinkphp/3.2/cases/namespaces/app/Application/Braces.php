<?php
namespace D
{
    const X = 1;
    const Y = 2;
}
