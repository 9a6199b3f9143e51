<script language="php">echo 'a script';</script>
<%= 'a value' %>
