<?php class Pager extends Page {} ?>
