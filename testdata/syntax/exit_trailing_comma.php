<?php
exit(1,);
