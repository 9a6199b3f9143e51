<?php
const A = strlen(...);
