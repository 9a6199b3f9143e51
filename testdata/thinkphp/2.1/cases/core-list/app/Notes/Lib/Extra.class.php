<?php
class Extra extends Think
{
}
