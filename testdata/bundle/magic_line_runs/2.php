<?php

/*
*/echo f(), -__LINE__;