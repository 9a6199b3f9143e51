<?php
const A = B::C->d;
