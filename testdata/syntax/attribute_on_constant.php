<?php
#[A]
const B = 1;
