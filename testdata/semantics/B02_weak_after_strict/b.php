<?php
echo half('18'), strlen(1000);
