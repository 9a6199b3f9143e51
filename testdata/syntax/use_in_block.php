<?php
{ use A; }
