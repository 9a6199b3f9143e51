<?php
( int )(	Integer	)( 	 STRING 	 )