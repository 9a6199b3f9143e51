<?php
LOAD;
echo Mailer::KIND;
