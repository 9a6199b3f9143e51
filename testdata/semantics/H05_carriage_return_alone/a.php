<?php # hiddenecho 'shown';
