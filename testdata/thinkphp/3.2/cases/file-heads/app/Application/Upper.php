<?PHP function upper() {}   ?>  

