<?php
const A = B ? C : D, E = B ?: C;
