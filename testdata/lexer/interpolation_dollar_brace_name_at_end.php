<?php
"${a