<?php
(
int) (int
) (int)