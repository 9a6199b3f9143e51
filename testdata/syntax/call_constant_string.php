<?php
'f'();
