<?php
 	
 
	 1  