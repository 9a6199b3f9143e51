
	
 <?php	function blank() {} ?> <b>kept</b>
<?php // back
