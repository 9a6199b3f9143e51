<?php
class P
{
}
