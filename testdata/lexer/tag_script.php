<script language="php">1</script>
<SCRIPT
	language = php >2</SCRIPT >a<script language='PHP'>3